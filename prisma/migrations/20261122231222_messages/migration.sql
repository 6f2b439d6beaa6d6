-- DropTable
DROP TABLE "card";

-- CreateTable
CREATE TABLE "message" (
    "approval_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "ts" TEXT,
    "shown" TEXT,
    "posted_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_pkey" PRIMARY KEY ("approval_id","key","channel")
);

-- CreateIndex
CREATE INDEX "message_channel_ts_idx" ON "message"("channel", "ts");
