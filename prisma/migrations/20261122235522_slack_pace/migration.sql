-- CreateTable
CREATE TABLE "pace" (
    "name" TEXT NOT NULL,
    "free_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pace_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "turn" (
    "approval_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "pace" TEXT NOT NULL,
    "place" BIGSERIAL NOT NULL,
    "turn_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "turn_pkey" PRIMARY KEY ("approval_id","key","channel")
);

-- CreateIndex
CREATE INDEX "turn_pace_place_idx" ON "turn"("pace", "place");
