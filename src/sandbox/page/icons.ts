/** Line icons on a 20 × 20 grid, drawn with the colour of the text around them. */
const shapes = {
  hash: 'M7.5 3 6 17M14 3l-1.500 14M3.500 7.500h13.500M3 12.500h13.500',
  lock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  reply:
    'M4 4h12a1.500 1.500 0 0 1 1.500 1.500v7A1.500 1.500 0 0 1 16 14H9l-4 3.500V14H4a1.500 1.500 0 0 1-1.500-1.500v-7A1.500 1.500 0 0 1 4 4zM6.500 7.500h7M6.500 10.500h4.500',
  eye: 'M2 10s3-5.500 8-5.500 8 5.500 8 5.500-3 5.500-8 5.500S2 10 2 10zM10 12.250a2.250 2.250 0 1 0 0-4.500 2.250 2.250 0 0 0 0 4.500z',
  sun: 'M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100',
  moon: 'M16.500 11.800A7 7 0 0 1 8.200 3.500a7 7 0 1 0 8.300 8.300z',
  down: 'M5.500 8l4.500 4.500L14.500 8',
  left: 'M12 5l-5 5 5 5',
  close: 'M5 5l10 10M15 5 5 15',
  send: 'M3.500 4l13.500 6-13.500 6 1.800-6zM5.300 10H11',
  shield: 'M10 2.500l6 2v5c0 4-2.500 6.500-6 8-3.500-1.500-6-4-6-8v-5zM10 7v3.500M10 13.200v.1',
  home: 'M3.500 9 10 3.500 16.500 9v7.500h-4.500V12H8v4.500H3.500z',
  message:
    'M10 3.500c4.100 0 7 2.600 7 6s-2.900 6-7 6c-.900 0-1.700-.1-2.500-.4L4 16.500l.7-3C3.600 12.400 3 11 3 9.500c0-3.400 2.900-6 7-6z',
  calendar: 'M3.500 5h13v11.500h-13zM3.500 8.500h13M7 3v3.500M13 3v3.500',
  check: 'M4.500 10.500l3.500 3.500 7.500-8',
  menu: 'M3.500 5.500h13M3.500 10h13M3.500 14.500h13',
  dots: 'M4.500 10h.01M10 10h.01M15.500 10h.01',
  code: 'M7 6l-4 4 4 4M13 6l4 4-4 4',
  search: 'M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM13 13l4 4',
  flask:
    'M8 3v5L3.800 15a1.300 1.300 0 0 0 1.100 2h10.200a1.300 1.300 0 0 0 1.100-2L12 8V3M6.500 3h7M6.300 12h7.400',
  warning: 'M10 3.500l7.500 13h-15zM10 8.500v3.500M10 14.300v.1',
  info: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 9.500v4M10 6.600v.1',
  block:
    'M3.500 3.500h5.500v5.500H3.500zM11 3.500h5.500v5.500H11zM3.500 11h5.500v5.500H3.500zM11 11h5.500v5.500H11z',
} as const

export type IconName = keyof typeof shapes

export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 20 20')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', shapes[name])
  svg.appendChild(path)
  return svg
}
