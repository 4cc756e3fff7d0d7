/** What tests use of sax, which brings no types: https://github.com/isaacs/sax-js. */
declare module 'sax' {
  export interface SaxTag {
    readonly name: string;
    readonly attributes: Readonly<Record<string, string>>;
  }

  export interface SaxHandlers {
    readonly onopentag: (tag: SaxTag) => void;
    readonly onclosetag: (name: string) => void;
    readonly ontext: (text: string) => void;
    readonly onerror: (error: Error) => void;
  }

  export interface SaxParser {
    write(text: string): SaxParser;
    close(): void;
  }

  const sax: { parser(strict: boolean): SaxParser };
  export default sax;
}
