import { type Alias, type Document, isPair, isScalar, isSeq, type Node, type Range, visit } from "yaml";
import type { Path } from "./diagnostics.js";
import type { Span } from "./secrets.js";

/** Path of a node, from its ancestors and itself. */
export function pathTo(nodes: readonly unknown[]): Path {
  return nodes.slice(1).flatMap((node, index): Path => {
    const parent = nodes[index];
    if (isSeq(parent)) {
      return [parent.items.indexOf(node)];
    }
    return isPair(node) && isScalar(node.key) ? [String(node.key.value)] : [];
  });
}

/** What each alias repeats: the last node before it with that anchor. */
export function aliasTargets(document: Document.Parsed): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Value: (_, node) => {
      if (node.anchor !== undefined) {
        anchors.set(node.anchor, node);
      }
    },
    Alias: (_, alias) => {
      const target = anchors.get(alias.source);
      if (target !== undefined) {
        targets.set(alias, target);
      }
    },
  });
  return targets;
}

/** Where a node is in the text. */
export function spanOf(node: Node): Span {
  const [from, to]: Range = node.range ?? [0, 1, 1];
  return { from, to };
}
