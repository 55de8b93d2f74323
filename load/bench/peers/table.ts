import { mockoon } from './mockoon.ts'
import { mockttp } from './mockttp.ts'
import { mountebank } from './mountebank.ts'
import type { Peer } from './peer.ts'
import { prism } from './prism.ts'
import { wiremock } from './wiremock.ts'

/** Every peer of the bench, in the order in which they are asked. */
export const peers: readonly Peer[] = [mockttp, mountebank, prism, wiremock, mockoon]
