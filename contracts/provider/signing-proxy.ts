import { request as httpRequest, type RequestListener } from 'node:http'
import { readBytes } from './listen.ts'

export interface SignedCall {
  method: string
  /** Path and query. */
  target: string
  body: string
  /** Whether the pact's request carries a signature. */
  isSigned: boolean
}

/**
 * Stands before a provider and proves who calls. The verifier writes bodies anew and knows no secret, so credentials and
 * signature can only be made for the bytes that really leave.
 */
export function proveAndForward(
  target: string,
  prove: (call: SignedCall) => Record<string, string>,
): RequestListener {
  return (incoming, outgoing) => {
    readBytes(incoming).then((bytes) => {
      const call = {
        method: incoming.method ?? 'GET',
        target: incoming.url ?? '/',
        body: bytes.toString('utf8'),
        isSigned: incoming.headers['x-fp-signature'] !== undefined,
      }
      const { host, port } = new URL(target)
      const forwarded = httpRequest(
        {
          host: '127.0.0.1',
          port,
          path: call.target,
          method: call.method,
          headers: { ...incoming.headers, host, ...prove(call), connection: 'close' },
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
    }, outgoing.destroy.bind(outgoing))
  }
}
