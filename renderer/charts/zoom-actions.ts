/** What can be done to the stretch of time that a screen's charts show. */
export interface ZoomActions {
  /** Two moments in any order, virtual ms. */
  readonly to: (firstMs: number, secondMs: number) => void;
  /** The span becomes so many times as wide; the moment keeps its place. */
  readonly around: (atMs: number, factor: number) => void;
  readonly reset: () => void;
}
