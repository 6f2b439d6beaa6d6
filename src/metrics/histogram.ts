/**
 * How many of each size: buckets that grow by the same factor. `Map` of bucket → how many. A value is told from its bucket with an
 * error of at most 1 %, whatever its size (C. Masson and others, DDSketch, 2019), and histograms are added bucket by bucket.
 */
export type Histogram = Map<number, number>

const growth = 1.02
const perBucket = Math.log(growth)

/**
 * The bucket of a value: bucket 0 has what is at most 1, bucket n what is above 1.02ⁿ⁻¹ and at most 1.02ⁿ.
 *
 * @param value milliseconds, or whatever else is counted; nothing below zero
 */
export function bucketOf(value: number): number {
  return value <= 1 ? 0 : Math.ceil(Math.log(value) / perBucket)
}

/** The value that a bucket stands for: no value in it is further off than 1 %. */
export function valueOf(bucket: number): number {
  return bucket === 0 ? 1 : (2 * growth ** bucket) / (1 + growth)
}

/** The value that `share` of all values do not exceed (nearest rank), null where there are none. */
export function quantile(histogram: Histogram, share: number): number | null {
  const buckets = [...histogram].sort(([a], [b]) => a - b)
  const rank = Math.max(1, Math.ceil(share * buckets.reduce((sum, [, held]) => sum + held, 0)))
  let passed = 0
  for (const [bucket, held] of buckets) {
    passed += held
    if (passed >= rank) return valueOf(bucket)
  }
  return null
}
