/** What the console needs in one answer. */
export interface PreparedDocument {
  document: Json
  /** Security schemes that can be filled in at once. */
  authorize: Authorization[]
}

export type Authorization =
  | { scheme: string; value: string }
  | { scheme: string; username: string; password: string }

export type Credentials = Readonly<Record<string, string>>
type Json = Record<string, unknown>

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/**
 * Makes a partner's document ready for the console: calls go to `serverUrl` on the same origin; a parameter named like a credential
 * shows that credential; a security scheme with `x-credentials: [name, …]` is authorized with them (bearer: joined by a colon in
 * base64 when there are two, as it is when there is one; basic: user name and password; apiKey: one value).
 */
export function prepareDocument(
  source: unknown,
  serverUrl: string,
  credentials: Credentials,
): PreparedDocument {
  // A copy: the document itself is shared by all that read it.
  const document = structuredClone(asObject(source) ?? {})
  document.servers = [{ url: serverUrl === '' ? '/' : serverUrl }]
  for (const parameter of parametersOf(document)) {
    const value = credentialOf(credentials, parameter.name)
    if (value !== undefined) parameter.example = value
  }
  const schemes = asObject(asObject(document.components)?.securitySchemes) ?? {}
  return {
    document,
    authorize: Object.entries(schemes).flatMap(([name, scheme]) =>
      authorizationOf(name, asObject(scheme) ?? {}, credentials),
    ),
  }
}

function parametersOf(document: Json): Json[] {
  const paths = Object.values(asObject(document.paths) ?? {}).map((path) => asObject(path) ?? {})
  const operations = paths.flatMap((path) => methods.map((method) => asObject(path[method]) ?? {}))
  const lists = [...paths, ...operations].flatMap(({ parameters }) => asList(parameters))
  const shared = Object.values(asObject(asObject(document.components)?.parameters) ?? {})
  return [...lists, ...shared].flatMap((one) => {
    const parameter = asObject(one)
    return parameter ? [parameter] : []
  })
}

function authorizationOf(scheme: string, about: Json, credentials: Credentials): Authorization[] {
  const values = asList(about['x-credentials']).map((name) => credentialOf(credentials, name))
  const [first, second] = values
  if (first === undefined || values.includes(undefined)) return []
  if (about.type === 'apiKey') return [{ scheme, value: first }]
  if (about.type !== 'http') return []
  if (about.scheme === 'basic') return [{ scheme, username: first, password: second ?? '' }]
  const isPair = second !== undefined
  return [{ scheme, value: isPair ? btoa(values.join(':')) : first }]
}

const credentialOf = (credentials: Credentials, name: unknown): string | undefined =>
  typeof name === 'string' && Object.hasOwn(credentials, name) ? credentials[name] : undefined

const asObject = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
