/** Why a session is over that its document did not end: thrown inside the interpreter, a value at its edge. */

export type FaultKind = 'endless' | 'memory' | 'crash';

export class SessionFault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
