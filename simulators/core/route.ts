/** Where a call goes: `[/w/{world}][/{partner}]{the partner's own path}`; the partner segment is read where the port names none. */
export interface Route {
  /** Undefined: no world prefix. */
  world: string | undefined
  partner: string | undefined
  /** Path and query as the client sent them. */
  target: string
  /** Length of the prefixes in `target`. */
  prefixChars: number
  /** The partner's own path, without the query. */
  path: string
  /** The query without `?`. */
  query: string
}

/** `partners`: names that may stand as first segment; none on a partner's own port. */
export function readRoute(target: string, partners: readonly string[]): Route {
  const queryAt = target.indexOf('?')
  const pathname = queryAt < 0 ? target : target.slice(0, queryAt)
  let prefixChars = 0
  let world: string | undefined
  if (pathname.startsWith('/w/')) {
    const end = pathname.indexOf('/', 3)
    world = end < 0 ? pathname.slice(3) : pathname.slice(3, end)
    prefixChars = end < 0 ? pathname.length : end
  }
  let partner: string | undefined
  if (partners.length > 0) {
    const end = pathname.indexOf('/', prefixChars + 1)
    const segment = pathname.slice(prefixChars + 1, end < 0 ? undefined : end)
    if (partners.includes(segment)) {
      partner = segment
      prefixChars = end < 0 ? pathname.length : end
    }
  }
  return {
    world,
    partner,
    target,
    prefixChars,
    path: pathname.slice(prefixChars) || '/',
    query: queryAt < 0 ? '' : target.slice(queryAt + 1),
  }
}
