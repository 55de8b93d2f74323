import type { VerifierOptions } from '@pact-foundation/pact-core'
import { sayError } from './check.ts'
import type { Pact } from './pacts.ts'

/** How to get into a Pact Broker, and which of its pacts are wanted. */
export interface Broker {
  login: Pick<VerifierOptions, 'pactBrokerToken' | 'pactBrokerUsername' | 'pactBrokerPassword'>
  /** Pact's consumer version selectors: `{ mainBranch: true }`. */
  selectors: readonly NonNullable<VerifierOptions['consumerVersionSelectors']>[number][]
  /** A pact that was never verified green may fail. */
  pending: boolean
}

/** As what something is published. */
export interface Publication {
  version: string
  branch?: string
  tags: readonly string[]
  /** Of the CI run. */
  buildUrl?: string
}

export const isUrl = (text: string): boolean => /^https?:\/\//.test(text)

/** An answer of the broker may be long; nobody reads more than this of it. */
const shownMax = 300

/**
 * Publishes pacts to a broker by its relation `pb:publish-contracts`, each consumer's in one call; overwrites what the same version
 * published before. Resolves with what the broker says. Rejects with what went wrong in words.
 */
export async function publishPacts(
  brokerUrl: string,
  login: Broker['login'],
  pacts: readonly Pact[],
  { version, branch, tags, buildUrl }: Publication,
): Promise<string[]> {
  const headers = headersOf(login)
  const index = await readIndex(brokerUrl, login)
  const href = index._links?.['pb:publish-contracts']?.href
  if (href === undefined) {
    throw new Error(`${brokerUrl} has no pb:publish-contracts: is it a Pact Broker, 2.86 or newer?`)
  }
  const said: string[] = []
  for (const consumer of new Set(pacts.map((pact) => pact.consumer))) {
    const own = pacts.filter((pact) => pact.consumer === consumer)
    const answer = (await ask(new URL(href, brokerUrl).href, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        pacticipantName: consumer,
        pacticipantVersionNumber: version,
        tags,
        ...(branch !== undefined && { branch }),
        ...(buildUrl !== undefined && { buildUrl }),
        contracts: own.map(({ provider, text }) => ({
          consumerName: consumer,
          providerName: provider,
          specification: 'pact',
          contentType: 'application/json',
          content: Buffer.from(text).toString('base64'),
          onConflict: 'overwrite',
        })),
      }),
    })) as { notices?: { text?: string; message?: string }[] }
    const names = own.map(({ provider }) => provider).join(', ')
    said.push(`Published ${consumer} ${version} with ${names}.`)
    for (const { text, message } of answer.notices ?? []) said.push(text ?? message ?? '')
  }
  return said.filter((line) => line !== '')
}

interface Index {
  _links?: Record<string, { href?: string } | undefined>
}

/** What a broker offers. Rejects, in words, when it cannot be asked: the verifier itself would find "no pacts" there. */
export const readIndex = async (brokerUrl: string, login: Broker['login']): Promise<Index> =>
  (await ask(brokerUrl, { headers: headersOf(login) })) as Index

const headersOf = (login: Broker['login']): Record<string, string> => ({
  ...authorization(login),
  accept: 'application/hal+json, application/json',
})

function authorization({
  pactBrokerToken,
  pactBrokerUsername,
  pactBrokerPassword = '',
}: Broker['login']): Record<string, string> {
  if (pactBrokerToken !== undefined) return { authorization: `Bearer ${pactBrokerToken}` }
  if (pactBrokerUsername === undefined) return {}
  const pair = `${pactBrokerUsername}:${pactBrokerPassword}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  const answer = await fetch(url, init).catch((error: unknown) => {
    throw new Error(`${url} does not answer: ${sayError(error)}`)
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, shownMax)}`)
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Error(`${url} answered with something else than JSON: ${text.slice(0, shownMax)}`)
  }
}
