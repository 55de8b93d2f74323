/** A gateway sells nothing: what it knows at the beginning is its one currency. */
export interface GatewayCatalogue {
  currency: 'INR'
}

export const createCatalogue = (): GatewayCatalogue => ({ currency: 'INR' })
