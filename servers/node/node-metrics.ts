/**
 * What a node counts, in the text format that Prometheus reads (exposition format 0.0.4). Small on purpose: a family is a
 * name with its help and type, a sample one set of labels, made once and kept by whoever counts.
 */
import { assert } from '#core/assert.ts';

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type Labels = Readonly<Record<string, string>>;

type Kind = 'counter' | 'gauge' | 'histogram';

interface Family {
  readonly kind: Kind;
  readonly help: string;
  /** By their labels as written. */
  readonly samples: Map<string, Counter | Gauge | Histogram>;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Only grows. */
export class Counter {
  value = 0;

  add(amount = 1): void {
    this.value += amount;
  }

  lines(name: string, labels: string): string {
    return `${name}${braced(labels)} ${written(this.value)}\n`;
  }
}

/** Goes up and down, or is read when asked for. */
export class Gauge {
  #value = 0;
  readonly #read: (() => number) | undefined;

  constructor(read?: () => number) {
    this.#read = read;
  }

  set(value: number): void {
    this.#value = value;
  }

  get value(): number {
    return this.#read === undefined ? this.#value : this.#read();
  }

  lines(name: string, labels: string): string {
    return `${name}${braced(labels)} ${written(this.value)}\n`;
  }
}

/** How many observations were at most so large, for each bound; in the unit that the name ends with. */
export class Histogram {
  readonly #bounds: readonly number[];
  /** One more than bounds: the last takes what is above them all. */
  readonly #counts: Float64Array;
  #sum = 0;

  /** `bounds` rise. */
  constructor(bounds: readonly number[]) {
    assert(
      bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? Infinity)),
      'the bounds of a histogram rise',
    );
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let index = 0;
    while (value > (this.#bounds[index] ?? Infinity)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += value;
  }

  lines(name: string, labels: string): string {
    const before = labels === '' ? '' : `${labels},`;
    let count = 0;
    let text = '';
    this.#counts.forEach((inBucket, index) => {
      count += inBucket;
      text += `${name}_bucket{${before}le="${written(this.#bounds[index] ?? Infinity)}"} ${count}\n`;
    });
    return `${text}${name}_sum${braced(labels)} ${written(this.#sum)}\n${name}_count${braced(labels)} ${count}\n`;
  }
}

export class NodeMetrics {
  readonly #families = new Map<string, Family>();

  /** The counter of this name and these labels, made where there is none yet; names end in `_total`. */
  counter(name: string, help: string, labels: Labels = {}): Counter {
    return this.#sample('counter', name, help, labels, () => new Counter());
  }

  /** `read`: where the value comes from when it is asked for; without it, from `set`. */
  gauge(name: string, help: string, labels: Labels = {}, read?: () => number): Gauge {
    return this.#sample('gauge', name, help, labels, () => new Gauge(read));
  }

  histogram(name: string, help: string, bounds: readonly number[], labels: Labels = {}): Histogram {
    return this.#sample('histogram', name, help, labels, () => new Histogram(bounds));
  }

  /** All families in the order in which they were made. */
  render(): string {
    let text = '';
    for (const [name, { kind, help, samples }] of this.#families) {
      text += `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${kind}\n`;
      for (const [labels, sample] of samples) text += sample.lines(name, labels);
    }
    return text;
  }

  #sample<T extends Counter | Gauge | Histogram>(
    kind: Kind,
    name: string,
    help: string,
    labels: Labels,
    create: () => T,
  ): T {
    assert(NAME.test(name), `${name} can name a metric`);
    let family = this.#families.get(name);
    if (family === undefined) this.#families.set(name, (family = { kind, help, samples: new Map() }));
    assert(family.kind === kind, `${name} is a ${family.kind}`);
    const key = writeLabels(labels);
    const known = family.samples.get(key);
    // One kind a family: the sample was made by the same method.
    if (known !== undefined) return known as T;
    const made = create();
    family.samples.set(key, made);
    return made;
  }
}

function writeLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => {
      assert(LABEL_NAME.test(name), `${name} can name a label`);
      return `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
    })
    .join(',');
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function written(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
