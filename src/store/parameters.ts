/** Names a parameter of a statement that is put together, for its value and type: `$3::text`. */
export type Parameter = (value: unknown, type: string) => string

/** @param values gets them */
export function parametersOf(values: unknown[]): Parameter {
  return (value, type) => `$${values.push(value)}::${type}`
}
