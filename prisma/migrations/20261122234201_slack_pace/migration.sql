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
    "since" TIMESTAMPTZ(3) NOT NULL,
    "turn_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "turn_pkey" PRIMARY KEY ("approval_id","key","channel")
);

-- CreateIndex
CREATE INDEX "turn_pace_since_turn_at_idx" ON "turn"("pace", "since", "turn_at");
