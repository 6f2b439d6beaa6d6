import type { Act, ActResult, Snapshot } from '../protocol.ts'
import type { Directory } from './directory.ts'
import type { Route } from './route.ts'

/** All that a part of the screen is drawn from: the workspace, whose screen it is, and where that person is. */
export type Scene = {
  snapshot: Snapshot
  directory: Directory
  route: Route
}

/** A part of the screen: made once, then told of each new scene; it touches only what changed. */
export type Part = {
  element: HTMLElement
  update: (scene: Scene) => void
}

/** Does something in the workspace and draws what came of it. */
export type Do = (act: Act) => Promise<ActResult>
