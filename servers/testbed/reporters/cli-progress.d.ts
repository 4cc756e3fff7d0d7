/** What is used of cli-progress, which brings no types: https://github.com/npkgz/cli-progress. */
declare module 'cli-progress' {
  export interface BarParameters {
    readonly progress: number;
    readonly value: number;
    readonly total: number;
  }

  export interface BarOptions {
    readonly format: (
      options: BarOptions,
      parameters: BarParameters,
      payload: Readonly<Record<string, string>>,
    ) => string;
    readonly stream: NodeJS.WritableStream;
    readonly barsize: number;
    /** Redraws a second at most. */
    readonly fps: number;
    readonly hideCursor: boolean;
    readonly clearOnComplete: boolean;
    readonly linewrap: boolean;
    readonly gracefulExit: boolean;
  }

  export class SingleBar {
    constructor(options: BarOptions);
    start(total: number, value: number, payload: Readonly<Record<string, string>>): void;
    update(value: number, payload: Readonly<Record<string, string>>): void;
    stop(): void;
  }

  const progress: { readonly SingleBar: typeof SingleBar };
  export default progress;
}
