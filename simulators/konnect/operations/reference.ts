import { ok } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import type { Attribute, Category, TaxRule } from '../reference-data.ts'
import { categoryName, categoryNamed } from '../rules/categories.ts'
import type { KonnectContext, KonnectTypes } from '../state.ts'
import { catalogPage } from './envelopes.ts'

/** What partners read before they create a product: facts/konnect.md 2.2 to 2.8. All filters of a call must hold. */
export const referenceOperations = defineOperations<KonnectTypes>({
  fetchDepartments: ({ ctx, query }) => {
    const all = ctx.catalogue.departments.filter(
      (department) =>
        contains(department.name, query.name) &&
        equals(department.slug, query.slug) &&
        equals(department.isActive, query.is_active),
    )
    return catalogPage(query, all, (department) => ({
      id: department.uid,
      uid: department.uid,
      name: department.name,
      slug: department.slug,
      is_active: department.isActive,
      description: department.description,
      logo: `https://cdn.example/departments/${department.slug}.png`,
    }))
  },

  fetchCategories: ({ ctx, query }) => {
    const wanted = query.cat3_id as number[] | undefined
    const all = ctx.catalogue.categories.filter(
      (category) =>
        equals(category.slug, query.slug) &&
        equals(category.level, query.level) &&
        (query.department === undefined ||
          category.departments.includes(query.department as number)) &&
        (wanted === undefined || (category.level === 3 && wanted.includes(category.uid))),
    )
    return catalogPage(query, all, (category) => renderCategory(ctx, category))
  },

  fetchBrands: ({ ctx, query }) => {
    const all = ctx.catalogue.brands.filter(({ name }) => contains(name, query.brand_name))
    return catalogPage(query, all, (brand) => ({
      uid: brand.uid,
      name: brand.name,
      slug: brand.slug,
      logo: `https://cdn.example/brands/${brand.slug}.png`,
      is_active: true,
    }))
  },

  fetchTemplates: ({ ctx, query }) => {
    const slug = query.department === '' ? undefined : query.department
    const all = ctx.catalogue.templates.filter(
      ({ departments }) => slug === undefined || departments.includes(String(slug)),
    )
    return catalogPage(query, all, (template) => ({
      slug: template.slug,
      name: template.name,
      description: template.description,
      departments: template.departments,
      categories: template.categories.map((uid) => nameOf(ctx, uid)),
      attributes: ctx.catalogue.attributes
        .filter(({ categories }) => categories.some((uid) => template.categories.includes(uid)))
        .map((attribute) => attribute.slug),
      is_active: true,
      is_archived: false,
      is_physical: true,
      is_expirable: false,
      logo: `https://cdn.example/templates/${template.slug}.png`,
      tag: template.slug,
    }))
  },

  /** Case-sensitive; an unknown name has no attributes. */
  fetchAttributesByProduct: ({ ctx, query }) => {
    const category = categoryNamed(ctx, String(query.category))
    const items = ctx.catalogue.attributes.filter(
      ({ categories }) => category && categories.includes(category.uid),
    )
    return ok({ items: items.map(renderAttribute) })
  },

  fetchHsCodes: ({ ctx, query }) => {
    const all = ctx.catalogue.hsCodes.filter(
      ({ code, description, type }) =>
        equals(type, query.type) &&
        (contains(code, query.search) || contains(description, query.search)),
    )
    return catalogPage(query, all, (hs) => ({
      id: hs.id,
      hs_code: hs.code,
      description: hs.description,
      type: hs.type,
      country_code: 'IN',
      company_id: ctx.catalogue.companyId,
    }))
  },

  fetchTaxRules: ({ ctx, query }) => {
    const all = ctx.catalogue.taxRules.filter(
      (rule) =>
        equals(rule.status, query.status) &&
        contains(rule.name, query.rule_name) &&
        (query.version_status === undefined ||
          rule.versions.some(({ status }) => status === query.version_status)),
    )
    return catalogPage(query, all, (rule) => renderTaxRule(ctx, rule))
  },
})

/** Partial match, in any case. */
const contains = (text: string, wanted: unknown): boolean =>
  wanted === undefined || text.toLowerCase().includes(String(wanted).toLowerCase())

const equals = (value: unknown, wanted: unknown): boolean =>
  wanted === undefined || value === wanted

function nameOf(ctx: KonnectContext, uid: number): string {
  const category = ctx.catalogue.categories.find((candidate) => candidate.uid === uid)
  return category ? categoryName(ctx, category) : ''
}

function renderCategory(ctx: KonnectContext, category: Category): object {
  const parent = ctx.catalogue.categories.find(({ uid }) => uid === category.parent)
  const top = parent?.parent ?? null
  return {
    uid: category.uid,
    id: String(category.uid),
    name: categoryName(ctx, category),
    slug: category.slug,
    level: category.level,
    is_active: true,
    parent: category.parent,
    departments: category.departments,
    hierarchy:
      category.level === 3
        ? category.departments.map((department) => ({ department, l1: top, l2: category.parent }))
        : [],
    priority: 1,
    media: { logo: `https://cdn.example/categories/${category.slug}.png` },
  }
}

const renderAttribute = (attribute: Attribute): object => ({
  slug: attribute.slug,
  name: attribute.name,
  description: attribute.description,
  schema: {
    type: attribute.type,
    mandatory: attribute.mandatory,
    multi: false,
    allowed_values: attribute.allowedValues,
    range: attribute.range ?? { min: null, max: null },
    format: null,
  },
  filters: { indexing: true, priority: 1 },
  meta: { enriched: false, mandatory_details: { l3_keys: attribute.categories.map(String) } },
  is_nested: false,
  enabled_for_end_consumer: true,
})

const renderTaxRule = (ctx: KonnectContext, rule: TaxRule): object => ({
  rule: {
    _id: rule.id,
    name: rule.name,
    description: rule.description,
    is_default: rule.isDefault,
    company_id: ctx.catalogue.companyId,
    status: rule.status,
    created_on: '2025-04-01T00:00:00Z',
    modified_on: '2025-04-01T00:00:00Z',
  },
  versions: rule.versions.map((version) => ({
    _id: version.id,
    rule_id: rule.id,
    applicable_date: `${version.from}T00:00:00Z`,
    status: rule.status,
    scope: 'COUNTRY',
    version_status: version.status,
    components: [{ name: 'GST', slabs: [{ value: 0, rate: version.rate }] }],
  })),
})
