-- CreateTable
CREATE TABLE "callback_secret" (
    "id" BIGSERIAL NOT NULL,
    "agent_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retires_at" TIMESTAMPTZ(3),

    CONSTRAINT "callback_secret_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "callback_secret_agent_id_idx" ON "callback_secret"("agent_id");

-- AddForeignKey
ALTER TABLE "callback_secret" ADD CONSTRAINT "callback_secret_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- An agent has one secret that signs until it is rotated; the others are on their way out.
CREATE UNIQUE INDEX "callback_secret_newest" ON "callback_secret"("agent_id") WHERE "retires_at" IS NULL;

-- The secrets that agents have move over before their old place goes.
INSERT INTO "callback_secret" ("agent_id", "sealed", "created_at")
SELECT "id", "callback_secret", "created_at" FROM "agent";

-- AlterTable
ALTER TABLE "agent" DROP COLUMN "callback_secret";

-- CreateTable
CREATE TABLE "key_check" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "key_check_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "key_check_is_one_row" CHECK ("id" = 1)
);

-- AlterTable
ALTER TABLE "callback" ADD COLUMN     "earlier_attempts" INTEGER NOT NULL DEFAULT 0;
