import { expect, it } from 'vitest'
import { calledWithoutInteraction } from './coverage.ts'
import { openDocuments, readPact } from './documents.ts'

const documents = openDocuments()

it('an operation that is called and has an interaction is fine', () => {
  const called = { fynd: { placeOrder: 3 }, konnect: { getOrders: 1 } }
  expect(calledWithoutInteraction(called, documents, readPact)).toEqual([])
})

it('an operation that is called and has no interaction is told', () => {
  const withoutOrders = (partner: string) =>
    readPact(partner).filter(({ request }) => !request.path.endsWith('/orders'))
  const called = { fynd: { placeOrder: 3, getStockStatus: 1 } }
  expect(calledWithoutInteraction(called, documents, withoutOrders)).toEqual(['fynd placeOrder'])
})

it('a call to a partner that has no document is told', () => {
  expect(calledWithoutInteraction({ acme: { buy: 1 } }, documents, readPact)).toEqual(['acme buy'])
})
