/** What Fynd's own people maintain and partners only read: facts/konnect.md 2.2 to 2.8. Frozen with the catalogue. */
export interface Department {
  uid: number
  name: string
  slug: string
  isActive: boolean
  description: string
}

export interface Category {
  uid: number
  name: string
  slug: string
  level: 1 | 2 | 3
  /** The level above; null at the top. */
  parent: number | null
  departments: readonly number[]
  /** Names that a sales channel uses instead; only at level 3. */
  channelNames: Readonly<Record<string, string>>
}

export interface Brand {
  uid: number
  name: string
  slug: string
}

export interface Template {
  slug: string
  name: string
  description: string
  departments: readonly string[]
  categories: readonly number[]
}

export interface Attribute {
  slug: string
  name: string
  description: string
  /** Level-3 categories that have it. */
  categories: readonly number[]
  type: 'str' | 'int'
  mandatory: boolean
  allowedValues: readonly string[]
  range: { min: number; max: number } | null
}

export interface HsCode {
  id: string
  code: string
  description: string
  type: 'HS' | 'SAC'
}

export interface TaxRule {
  id: string
  name: string
  description: string
  isDefault: boolean
  status: 'ACTIVE' | 'INACTIVE'
  versions: readonly { id: string; from: string; status: 'CURRENT' | 'FUTURE'; rate: number }[]
}

export interface ReferenceData {
  departments: readonly Department[]
  categories: readonly Category[]
  brands: readonly Brand[]
  templates: readonly Template[]
  attributes: readonly Attribute[]
  hsCodes: readonly HsCode[]
  taxRules: readonly TaxRule[]
}

const department = (uid: number, name: string, description: string, isActive = true) => ({
  uid,
  name,
  slug: slugOf(name),
  isActive,
  description,
})

const category = (
  uid: number,
  name: string,
  parent: number | null,
  departments: readonly number[],
  channelNames: Readonly<Record<string, string>> = {},
): Category => {
  const level = uid < 10 ? 1 : uid < 100 ? 2 : 3
  return { uid, name, slug: slugOf(name), level, parent, departments, channelNames }
}

export const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll("'", '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

const clothing = [102, 103] as const

const categories: readonly Category[] = [
  category(1, 'Clothing', null, clothing),
  category(2, 'Footwear', null, [101]),
  category(3, 'Home', null, [104]),
  category(4, 'Grocery', null, [105]),
  category(11, 'Topwear', 1, clothing),
  category(21, 'Sports Shoes', 2, [101]),
  category(31, 'Kitchen', 3, [104]),
  category(32, 'Furniture', 3, [104]),
  category(41, 'Personal Care', 4, [105]),
  category(111, 'T-Shirts', 11, clothing, { AJIO_VMS: 'Tshirts', MYNTRA_IN: 'Men Tshirts' }),
  category(112, 'Formal Shirts', 11, clothing, { AJIO_VMS: 'Shirts Formal' }),
  category(211, 'Running Shoes', 21, [101], { MYNTRA_IN: 'Sports Shoes Running' }),
  category(311, 'Mugs', 31, [104]),
  category(321, 'Sofas', 32, [104]),
  category(411, 'Soaps', 41, [105]),
]

const attribute = (
  slug: string,
  name: string,
  on: readonly number[],
  rest: Partial<Attribute> = {},
): Attribute => ({
  slug,
  name,
  description: `${name} of the product`,
  categories: on,
  type: 'str',
  mandatory: false,
  allowedValues: [],
  range: null,
  ...rest,
})

const colours = ['Black', 'Blue', 'Green', 'Red', 'White']

/** Ids look like what they are: 24 hex digits. */
const hexId = (group: string, n: number): string =>
  `65${group}${String(n).padStart(22 - group.length, '0')}`

const taxRule = (n: number, rate: number, rest: Partial<TaxRule> = {}): TaxRule => ({
  id: hexId('a1', n),
  name: `GST ${Math.round(rate * 100)}`,
  description: `Goods and services tax of ${Math.round(rate * 100)} %`,
  isDefault: n === 1,
  status: 'ACTIVE',
  versions: [{ id: hexId('a2', n), from: '2025-04-01', status: 'CURRENT', rate }],
  ...rest,
})

export const referenceData: ReferenceData = {
  departments: [
    department(101, 'Footwear', 'Shoes, boots and sandals'),
    department(102, "Men's Clothing", 'What men wear'),
    department(103, "Women's Clothing", 'What women wear'),
    department(104, 'Home and Living', 'Kitchen and furniture'),
    department(105, 'Grocery', 'What a household uses up'),
    department(106, 'Stationery', 'No longer sold', false),
  ],
  categories,
  brands: [
    { uid: 77, name: 'Northbound', slug: 'northbound' },
    { uid: 78, name: 'Paper Kite', slug: 'paper-kite' },
    { uid: 79, name: 'Quiet Kitchen', slug: 'quiet-kitchen' },
  ],
  templates: [
    {
      slug: 'tops',
      name: 'Tops',
      description: 'Shirts and tees',
      departments: ['mens-clothing', 'womens-clothing'],
      categories: [111, 112],
    },
    {
      slug: 'shoes',
      name: 'Shoes',
      description: 'All shoes',
      departments: ['footwear'],
      categories: [211],
    },
    {
      slug: 'home',
      name: 'Home',
      description: 'Kitchen and furniture',
      departments: ['home-and-living'],
      categories: [311, 321],
    },
    {
      slug: 'grocery',
      name: 'Grocery',
      description: 'What is used up',
      departments: ['grocery'],
      categories: [411],
    },
  ],
  attributes: [
    attribute('primary-colour', 'Primary Colour', [111, 112, 211, 311, 321], {
      mandatory: true,
      allowedValues: colours,
    }),
    attribute('neck-type', 'Neck Type', [111], { allowedValues: ['Crew', 'Polo', 'V'] }),
    attribute('sleeve-length', 'Sleeve Length', [111, 112], { allowedValues: ['Half', 'Full'] }),
    attribute('sole-material', 'Sole Material', [211]),
    attribute('capacity-ml', 'Capacity in ml', [311], {
      type: 'int',
      range: { min: 50, max: 1000 },
    }),
    attribute('fragrance', 'Fragrance', [411], { mandatory: true }),
  ],
  hsCodes: [
    { id: hexId('b1', 1), code: '6109', description: 'T-shirts, knitted', type: 'HS' },
    { id: hexId('b1', 2), code: '6205', description: "Men's shirts", type: 'HS' },
    { id: hexId('b1', 3), code: '640411', description: 'Sports footwear', type: 'HS' },
    { id: hexId('b1', 4), code: '69111011', description: 'Mugs of stoneware', type: 'HS' },
    { id: hexId('b1', 5), code: '940161', description: 'Upholstered seats', type: 'HS' },
    { id: hexId('b1', 6), code: '340111', description: 'Soap for toilet use', type: 'HS' },
    { id: hexId('b1', 7), code: '9987', description: 'Repair services', type: 'SAC' },
  ],
  taxRules: [
    taxRule(1, 0.05),
    taxRule(2, 0.12),
    taxRule(3, 0.18, {
      versions: [
        { id: hexId('a2', 3), from: '2025-04-01', status: 'CURRENT', rate: 0.18 },
        { id: hexId('a2', 4), from: '2026-04-01', status: 'FUTURE', rate: 0.2 },
      ],
    }),
    taxRule(9, 0.28, { status: 'INACTIVE' }),
  ],
}
