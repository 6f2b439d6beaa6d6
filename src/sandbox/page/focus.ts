const reachable = 'a[href], button:not([disabled]), input:not([disabled]), textarea, summary, [tabindex="0"]'

/** Tab goes round within `stage` instead of leaving it. */
export function trapFocus(stage: HTMLElement): void {
  stage.addEventListener('keydown', (event) => {
    if (event.key !== 'Tab' || event.defaultPrevented) return
    const stops = [...stage.querySelectorAll<HTMLElement>(reachable)].filter((stop) => stop.checkVisibility())
    const [first, last] = [stops[0], stops.at(-1)]
    const edge = event.shiftKey ? first : last
    if (document.activeElement !== edge) return
    event.preventDefault()
    const other = event.shiftKey ? last : first
    other?.focus()
  })
}
