import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

export const MAX_DEPTH = 100;
export const MAX_ALIASES = 100;
/** Nodes that aliases may add to a document once each is replaced by what it stands for. */
const MAX_ALIASED_NODES = 10_000;
/** Keys that change what an object is in JavaScript; no format has them. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export interface Fault {
  readonly node: Node;
  readonly code: string;
  readonly message: string;
}

export interface YamlValue {
  /** Plain JSON data. Meaningless when there are faults. */
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
}

/**
 * Turns a node tree into JSON data and refuses what JSON has no word for, or what would cost too much: keys that aren't text or come
 * twice, numbers that can't be kept, more than {@link MAX_DEPTH} levels, more than {@link MAX_ALIASES} aliases, aliases of aliases that explode.
 * The library's own check for duplicate keys takes quadratic time, hence this one.
 */
export function yamlValue(root: Node): YamlValue {
  const reader = new Reader();
  const value = reader.read(root, 0).value;
  return { value, faults: reader.faults, targets: reader.targets };
}

interface Read {
  readonly value: unknown;
  readonly nodes: number;
}

class Reader {
  readonly faults: Fault[] = [];
  readonly targets = new Map<Alias, Node>();
  readonly #anchors = new Map<string, { node: Node; read?: Read }>();
  #aliasedNodes = 0;

  read(node: Node | null, depth: number): Read {
    if (node === null) return { value: null, nodes: 1 };
    if (isAlias(node)) return this.#alias(node);
    if (depth > MAX_DEPTH) return this.#fault(node, 'too-deep', `Cannot read more than ${MAX_DEPTH} levels`);
    const anchored: { node: Node; read?: Read } = { node };
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, anchored);
    const read = this.#content(node, depth);
    anchored.read = read;
    return read;
  }

  #content(node: Node, depth: number): Read {
    if (isMap(node)) return this.#map(node, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item as Node | null, depth + 1));
      return { value: items.map((item) => item.value), nodes: count(items) };
    }
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'number' && !(Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value))) {
      return this.#fault(node, 'bad-number', 'Cannot keep this number exactly: quote it to make it text');
    }
    return { value, nodes: 1 };
  }

  #map(map: YAMLMap, depth: number): Read {
    const entries: [string, Read][] = [];
    const seen = new Set<string>();
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const key = isScalar(pair.key) ? pair.key.value : undefined;
      if (typeof key !== 'string') this.#fault(pair.key, 'bad-key', 'Quote the key: keys are text');
      else if (key === '<<') this.#fault(pair.key, 'merge-key', "Write the fields out: merge keys ('<<') are not supported");
      else if (FORBIDDEN_KEYS.has(key)) this.#fault(pair.key, 'forbidden-key', `Remove the key '${key}'`);
      else if (seen.has(key)) this.#fault(pair.key, 'duplicate-key', `Remove one of the two keys '${key}'`);
      else entries.push([key, this.read(pair.value, depth + 1)]);
      if (typeof key === 'string') seen.add(key);
    }
    return { value: Object.fromEntries(entries.map(([key, read]) => [key, read.value])), nodes: count(entries.map(([, read]) => read)) };
  }

  /** Names of anchors stay out of the messages: an unquoted password may begin with `*`. */
  #alias(alias: Alias): Read {
    const anchored = this.#anchors.get(alias.source);
    if (anchored === undefined)
      return this.#fault(alias, 'bad-alias', "Cannot find the anchor of this alias: quote a text that begins with '*'");
    if (anchored.read === undefined) return this.#fault(alias, 'bad-alias', 'Cannot read an alias inside what it stands for');
    this.targets.set(alias, anchored.node);
    this.#aliasedNodes += anchored.read.nodes;
    if (this.targets.size > MAX_ALIASES) return this.#fault(alias, 'too-many-aliases', `Cannot read more than ${MAX_ALIASES} aliases`);
    if (this.#aliasedNodes > MAX_ALIASED_NODES) {
      return this.#fault(alias, 'too-many-aliases', `Cannot read aliases that stand for more than ${MAX_ALIASED_NODES} values`);
    }
    return anchored.read;
  }

  /** One fault of a kind is enough: a bomb has thousands. */
  #fault(node: Node, code: string, message: string): Read {
    const known = code === 'too-deep' || code === 'too-many-aliases' ? this.faults.some((fault) => fault.code === code) : false;
    if (!known) this.faults.push({ node, code, message });
    return { value: null, nodes: 1 };
  }
}

function count(reads: readonly Read[]): number {
  return reads.reduce((sum, read) => sum + read.nodes, 1);
}
