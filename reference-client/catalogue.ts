/** What the website sells, and which partner SKU each option value is mapped to (kartify.md 2, Option tab). */
export type Catalogue = {
  products: {
    id: string
    title: string
    price_minor: number
    /** One SKU per option value. Stock of an SKU that stands nowhere here is not shown. */
    options: { value: string; sku: string }[]
  }[]
  /** Codes that take a fixed sum off an order. */
  coupons?: { code: string; off_minor: number }[]
}

/** The default range. TEE-XL exists at the partner and is not mapped here, on purpose. */
export const defaultCatalogue: Catalogue = {
  products: [
    {
      id: 'TEE',
      title: 'Plain Tee',
      price_minor: 49900,
      options: [
        { value: 'S', sku: 'TEE-S' },
        { value: 'M', sku: 'TEE-M' },
        { value: 'L', sku: 'TEE-L' },
      ],
    },
    {
      id: 'SHOE',
      title: 'Canvas Shoe',
      price_minor: 129950,
      options: [
        { value: '8', sku: 'SHOE-8' },
        { value: '9', sku: 'SHOE-9' },
      ],
    },
    {
      id: 'MUG',
      title: 'Plain Mug',
      price_minor: 24900,
      options: [{ value: '1', sku: 'MUG-1' }],
    },
  ],
  coupons: [{ code: 'FLAT100', off_minor: 10_000 }],
}
