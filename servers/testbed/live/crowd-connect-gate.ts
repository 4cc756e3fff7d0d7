/** Bounds how many connections are being opened at once, so that a crowd that comes back doesn't trample the door. */
export class ConnectGate {
  readonly #openingMax: number;
  readonly #waiting: (() => void)[] = [];
  #opening = 0;

  constructor(openingMax: number) {
    this.#openingMax = openingMax;
  }

  /** Calls `go` when there is room, at once if there is; whoever has gone in calls `leave` once. */
  enter(go: () => void): void {
    if (this.#opening >= this.#openingMax) {
      this.#waiting.push(go);
      return;
    }
    this.#opening += 1;
    go();
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#opening -= 1;
    else next();
  }
}
