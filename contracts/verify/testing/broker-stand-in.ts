import { close, listen, readBytes } from '../../provider/listen.ts'

/** One call that the stand-in was asked. */
export interface BrokerCall {
  method: string
  path: string
  authorization: string
  body: Record<string, unknown>
}

/**
 * The part of a Pact Broker's HTTP API that fetching pacts for verification, publishing results and publishing pacts need, with the
 * relations of the broker's own documents. No live broker was asked.
 */
export async function openBrokerStandIn(pacts: Readonly<Record<string, object>>) {
  const calls: BrokerCall[] = []
  const standIn = await listen((request, response) => {
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/hal+json;charset=utf-8' })
      response.end(JSON.stringify(body))
    }
    readBytes(request)
      .then((bytes) => {
        const path = decodeURIComponent(request.url ?? '/')
        const method = request.method ?? 'GET'
        const { authorization = '' } = request.headers
        if (authorization === 'Bearer wrong') return send(401, { error: 'Unauthorized' })
        const text = bytes.toString('utf8')
        calls.push({ method, path, authorization, body: text === '' ? {} : JSON.parse(text) })
        const answer = answerTo(standIn.url, pacts, method, path)
        const made = method === 'GET' || path.endsWith('/for-verification') ? 200 : 201
        send(answer === undefined ? 404 : made, answer ?? { error: path })
      })
      .catch((error: unknown) => send(500, { error: String(error) }))
  })
  return { url: standIn.url, calls, close: () => close(standIn) }
}

function answerTo(
  url: string,
  pacts: Readonly<Record<string, object>>,
  method: string,
  path: string,
): object | undefined {
  const link = (to: string) => ({ href: `${url}${to}` })
  if (path === '/') {
    return {
      _links: {
        'pb:provider-pacts-for-verification': {
          ...link('/pacts/provider/{provider}/for-verification'),
          templated: true,
        },
        'pb:publish-contracts': link('/contracts/publish'),
      },
    }
  }
  if (path === '/contracts/publish' && method === 'POST') {
    return { notices: [{ level: 'info', text: 'Pact published.' }] }
  }
  const [, provider = '', rest] =
    /^\/(?:pacts\/provider|pacticipants)\/([^/]+)(?:\/(.*))?$/.exec(path) ?? []
  if (!Object.hasOwn(pacts, provider)) return undefined
  const pact = `/pacts/provider/${provider}/consumer/corner-shop/pact-version/1`
  if (path.startsWith('/pacticipants/')) return pacticipant(link, provider)
  if (rest === 'for-verification') {
    return {
      _embedded: {
        pacts: [
          {
            shortDescription: 'latest',
            verificationProperties: { notices: [] },
            _links: { self: { ...link(pact), name: `Pact between corner-shop and ${provider}` } },
          },
        ],
      },
      _links: { self: link(`/pacts/provider/${provider}/for-verification`) },
    }
  }
  if (path === pact) {
    return {
      ...pacts[provider],
      _links: {
        self: link(pact),
        'pb:provider': link(`/pacticipants/${provider}`),
        'pb:publish-verification-results': link(`${pact}/verification-results`),
      },
    }
  }
  return path === `${pact}/verification-results` ? {} : undefined
}

const pacticipant = (link: (to: string) => { href: string }, name: string) => ({
  name,
  _links: {
    self: link(`/pacticipants/${name}`),
    'pb:branch-version': {
      ...link(`/pacticipants/${name}/branches/{branch}/versions/{version}`),
      templated: true,
    },
    'pb:version-tag': {
      ...link(`/pacticipants/${name}/versions/{version}/tags/{tag}`),
      templated: true,
    },
  },
})
