/** The shop says no: rendered once, as `{ error: { code, message } }`. */
export class ShopRefusal extends Error {
  override name = 'ShopRefusal'
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422
  readonly code: string
  constructor(status: ShopRefusal['status'], code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}
