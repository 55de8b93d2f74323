import type { WireOperation } from './wire.ts'

/** What a method and a path lead to; `allowed` are the methods of a path that is known with others only. */
export type Match =
  | { operation: WireOperation; pathParams: Record<string, string> }
  | { allowed: readonly string[] }
  | undefined

interface Node {
  literals: Map<string, Node>
  param: Node | undefined
  operations: Map<string, { operation: WireOperation; names: readonly string[] }>
}

/** Finds operations by path. A literal segment goes before a parameter, or `/orders/{id}` would swallow `/orders/search`. */
export function createRoutes(
  operations: readonly WireOperation[],
): (method: string, path: string) => Match {
  const root = createNode()
  for (const operation of operations) {
    const segments = operation.path.split('/')
    const names = segments.filter(isParam).map((segment) => segment.slice(1, -1))
    nodeOf(root, segments).operations.set(operation.method, { operation, names })
  }
  return (method, path) => {
    const segments = path.split('/')
    const wanted = method === 'HEAD' ? 'GET' : method
    const values: string[] = []
    const found = find(root, segments, 0, values, wanted)?.operations.get(wanted)
    if (found) return { operation: found.operation, pathParams: nameAll(found.names, values) }
    const other = find(root, segments, 0, [], undefined)
    return other && { allowed: [...other.operations.keys()].flatMap(withHead) }
  }
}

const createNode = (): Node => ({ literals: new Map(), param: undefined, operations: new Map() })

const isParam = (segment: string): boolean => segment.startsWith('{')

function nodeOf(root: Node, segments: readonly string[]): Node {
  let node = root
  for (const segment of segments) {
    let next = isParam(segment) ? node.param : node.literals.get(segment)
    if (!next) {
      next = createNode()
      if (isParam(segment)) node.param = next
      else node.literals.set(segment, next)
    }
    node = next
  }
  return node
}

/** The first node at the end of the path that knows the method (any, without one); `values` are the parameters on the way to it. */
function find(
  node: Node,
  segments: readonly string[],
  at: number,
  values: string[],
  method: string | undefined,
): Node | undefined {
  const segment = segments[at]
  if (segment === undefined) {
    const { operations } = node
    const isEnd = method === undefined ? operations.size > 0 : operations.has(method)
    return isEnd ? node : undefined
  }
  const literal = node.literals.get(segment)
  const found = literal && find(literal, segments, at + 1, values, method)
  if (found || !node.param || segment === '') return found
  values.push(segment)
  const below = find(node.param, segments, at + 1, values, method)
  if (!below) values.pop()
  return below
}

function nameAll(names: readonly string[], values: readonly string[]): Record<string, string> {
  const named: Record<string, string> = {}
  names.forEach((name, at) => {
    named[name] = decode(values[at] ?? '')
  })
  return named
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    // Not text in UTF-8: it stays as it was sent, and is nobody's id.
    return segment
  }
}

const withHead = (method: string): string[] => (method === 'GET' ? ['GET', 'HEAD'] : [method])
