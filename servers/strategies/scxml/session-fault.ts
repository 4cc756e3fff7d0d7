/** Why a session is over that its document did not end: thrown inside the interpreter, a value at its edge. */

/** `error`: an error event that no transition of the document takes, where the host asks for that. */
export type FaultKind = 'endless' | 'memory' | 'crash' | 'error';

export class SessionFault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
