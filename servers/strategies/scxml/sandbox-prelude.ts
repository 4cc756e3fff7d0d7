/**
 * What runs in every sandbox before a document does, as text: the functions by which values come in and go out, then
 * everything that is built in is frozen, since the sessions of a document share it.
 */

/** Longest array-like thing that a built-in function goes through: their loops can't be interrupted. */
const LENGTH_MAX = 100_000;

/** Longest text that is made of repetitions of another. */
const REPEATED_MAX = 10_000;

export const PRELUDE = `(function (random) { 'use strict';
const { stringify, parse } = JSON;
class XmlNode {
  constructor(tree) {
    this.tagName = tree.name;
    this.attributes = Object.assign(Object.create(null), tree.attributes);
    this.childNodes = tree.children.map((child) => typeof child === 'string' ? child : new XmlNode(child));
    Object.defineProperty(this, 'source', { value: tree.source });
  }
  get documentElement() { return this; }
  get textContent() { return this.childNodes.map((child) => typeof child === 'string' ? child : child.textContent).join(''); }
  getAttribute(name) { return name in this.attributes ? this.attributes[name] : null; }
  getElementsByTagName(name) {
    const found = [];
    for (const child of this.childNodes) {
      if (typeof child === 'string') continue;
      if (name === '*' || child.tagName === name) found.push(child);
      found.push(...child.getElementsByTagName(name));
    }
    return found;
  }
  toString() { return this.source; }
}
const node = (tree) => new XmlNode(parse(tree));
/* A payload is 'j' and JSON, or 'x' and XML; none is undefined. */
const payload = (value) => {
  if (value instanceof XmlNode) return 'x' + value.source;
  const json = stringify(value);
  return json === undefined ? undefined : 'j' + json;
};
/* From the host XML comes as 'x' and its tree. */
const take = (given) => given === undefined ? undefined : given[0] === 'x' ? node(given.slice(1)) : parse(given.slice(1));
const tools = {
  payload, take,
  text: (value) => typeof value === 'string' ? value : typeof value === 'object' && value !== null ? String(stringify(value)) : String(value),
  json: (text) => parse(text),
  platform: {},
  processors: (id) => {
    const own = Object.freeze({ location: '#_scxml_' + id });
    return Object.freeze({ scxml: own, 'http://www.w3.org/TR/scxml/#SCXMLEventProcessor': own });
  },
  xml: node,
  list: (lists, value) => {
    if (!Array.isArray(value)) throw new TypeError('foreach: expected an array');
    lists.push(value.slice());
    return value.length;
  },
  record: (entries) => {
    const found = {};
    for (const [name, value] of entries) found[name] = value;
    return payload(found);
  },
  event: (given) => {
    const event = parse(given);
    const data = event.data;
    for (const name of ['sendid', 'origin', 'origintype', 'invokeid']) if (!(name in event)) event[name] = undefined;
    event.data = take(data);
    return Object.freeze(event);
  },
};
Math.random = () => random();
delete globalThis.eval;
delete globalThis.Date;
delete String.raw;
const limit = (name, value) => {
  if (typeof value === 'object' && value !== null && value.length > ${LENGTH_MAX}) throw new RangeError(name + ': expected at most ${LENGTH_MAX} items');
};
Array.prototype.flat = function flat(depth = 1) {
  const found = [];
  for (const item of this) found.push(...(Array.isArray(item) && depth >= 1 ? item.flat(depth - 1) : [item]));
  return found;
};
Array.prototype.flatMap = function flatMap(...given) { return this.map(...given).flat(); };
const bounded = (holder, name) => {
  const original = holder[name];
  if (typeof original !== 'function') return;
  Object.defineProperty(holder, name, { configurable: true, writable: true, value: { [name](...given) {
    limit(name, this);
    for (let index = 0; index < given.length; index += 1) limit(name, given[index]);
    return original.apply(this, given);
  } }[name] });
};
for (const name of ['at', 'concat', 'copyWithin', 'fill', 'flat', 'flatMap', 'includes', 'indexOf', 'join', 'lastIndexOf', 'push', 'reverse', 'shift',
  'slice', 'sort', 'splice', 'toReversed', 'toSorted', 'toSpliced', 'unshift', 'with', 'every', 'filter', 'find', 'findIndex', 'findLast',
  'findLastIndex', 'forEach', 'map', 'reduce', 'reduceRight', 'some', 'toLocaleString', 'toString']) bounded(Array.prototype, name);
const repeated = (name, lengthOf) => {
  const original = String.prototype[name];
  Object.defineProperty(String.prototype, name, { configurable: true, writable: true, value: { [name](...given) {
    if (lengthOf(String(this), given[0]) > ${REPEATED_MAX}) throw new RangeError(name + ': expected at most ${REPEATED_MAX} characters');
    return original.apply(this, given);
  } }[name] });
};
repeated('repeat', (text, count) => text.length * count);
repeated('padStart', (text, length) => length);
repeated('padEnd', (text, length) => length);
const seen = new Set();
const freeze = (value) => {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
  seen.add(value);
  Object.freeze(value);
  freeze(Object.getPrototypeOf(value));
  for (const key of Reflect.ownKeys(value)) {
    const { value: held, get, set } = Object.getOwnPropertyDescriptor(value, key);
    freeze(held); freeze(get); freeze(set);
  }
};
freeze(globalThis);
freeze(XmlNode);
freeze(tools);
/* What no name leads to. */
for (const hidden of [function* () {}, [][Symbol.iterator](), ''[Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](),
  ''.matchAll(/./g), (function* () {})(), /./, async function () {}, async function* () {}]) freeze(Object.getPrototypeOf(hidden));
return tools;
})`;
