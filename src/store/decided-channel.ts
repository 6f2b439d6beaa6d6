/** The PostgreSQL notification channel that carries the id of each approval that a click, a timer or a cancel has ended. */
export const decidedChannel = 'countersign_decided'
