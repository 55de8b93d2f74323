import { request as httpRequest, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { readBytes } from './listen.ts'

export interface SignedCall {
  method: string
  /** Path and query. */
  target: string
  body: string
  headers: IncomingHttpHeaders
}

type Headers = Record<string, string>

/**
 * Stands before a provider and proves who calls. The verifier writes bodies anew and knows no secret, so credentials and
 * signature can only be made for the bytes that really leave.
 */
export function proveAndForward(
  target: string,
  prove: (call: SignedCall) => Headers | Promise<Headers>,
): RequestListener {
  return (incoming, outgoing) => {
    readBytes(incoming)
      .then(async (bytes) => {
        const call = {
          method: incoming.method ?? 'GET',
          target: incoming.url ?? '/',
          body: bytes.toString('utf8'),
          headers: incoming.headers,
        }
        const proof = await prove(call)
        const { host, port, hostname } = new URL(target)
        const forwarded = httpRequest(
          {
            host: hostname,
            port,
            path: call.target,
            method: call.method,
            headers: { ...incoming.headers, host, ...proof, connection: 'close' },
          },
          (answer) => {
            outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
            answer.pipe(outgoing)
          },
        )
        forwarded.on('error', (error) => {
          outgoing.writeHead(502)
          outgoing.end(String(error))
        })
        forwarded.end(bytes)
      })
      .catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined))
  }
}
