/** Works out what a figure says it is worked out as: numbers, `+ - /`, `floor`, `min`, `max` and brackets, by descent. */

/** Throws where the text is no such arithmetic. */
export function workOut(text: string): number {
  const tokens = text.match(/\d+(?:\.\d+)?|floor|min|max|[-+/(),]|\S/g) ?? [];
  let at = 0;
  const take = (token: string): boolean => tokens[at] === token && (at += 1) > 0;
  const need = (token: string): void => {
    if (!take(token)) throw new Error(`expected ${token} at token ${at + 1} of ${text}`);
  };
  const sum = (): number => {
    let value = quotient();
    for (;;) {
      if (take('+')) value += quotient();
      else if (take('-')) value -= quotient();
      else return value;
    }
  };
  const quotient = (): number => {
    let value = one();
    while (take('/')) value /= one();
    return value;
  };
  const listed = (): number[] => {
    need('(');
    const values = [sum()];
    while (take(',')) values.push(sum());
    need(')');
    return values;
  };
  const one = (): number => {
    if (take('floor')) return Math.floor(listed()[0] ?? Number.NaN);
    if (take('min')) return Math.min(...listed());
    if (take('max')) return Math.max(...listed());
    if (tokens[at] === '(') return listed()[0] ?? Number.NaN;
    const value = Number(tokens[at] ?? Number.NaN);
    if (Number.isNaN(value)) throw new Error(`expected a number at token ${at + 1} of ${text}`);
    at += 1;
    return value;
  };
  const value = sum();
  if (at < tokens.length) throw new Error(`${tokens.slice(at).join(' ')} is left of ${text}`);
  return value;
}
