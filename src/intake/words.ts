/** Whether a text shows anything. Who has to decide reads what stands in the place of one that does not. */
export function saysSomething(text: string): boolean {
  return /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(text)
}
