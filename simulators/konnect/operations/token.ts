import { ok } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import { issueToken } from '../auth.ts'
import type { KonnectTypes } from '../state.ts'

export const tokenOperations = defineOperations<KonnectTypes>({
  /** Credentials travel in the query of a GET (facts/konnect.md 1.3). */
  generateAccessToken: ({ ctx, auth, query }) => {
    const { username, password } = query
    const token = issueToken(ctx, auth.aggregator, {
      username: String(username),
      password: String(password),
    })
    // ASSUMED: the property is documented, its name is not; both spellings until somebody knows.
    return ok({ access_token: token, token, status: 'SUCCESS' })
  },
})
