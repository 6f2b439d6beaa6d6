import { say } from './said.ts'

/** What a job of a benchmark carries: its number, when it was due, and whether it is never to end. */
export type BenchPayload = { number: number; due_at: string; hangs: boolean }

/** What is said of one as it begins. */
export type Began = { began: number; late_ms: number }

/** Every runner of jobs is given this same work. */
export async function didBench({ number, due_at, hangs }: BenchPayload): Promise<void> {
  say({ began: number, late_ms: Date.now() - Date.parse(due_at) } satisfies Began)
  if (hangs) await new Promise<never>(() => undefined)
}
