-- CreateTable
CREATE TABLE "home" (
    "slack_user_id" TEXT NOT NULL,
    "team_id" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "roles" TEXT[],
    "is_admin" BOOLEAN NOT NULL DEFAULT false,
    "shown" TEXT,

    CONSTRAINT "home_pkey" PRIMARY KEY ("slack_user_id")
);

-- CreateIndex
CREATE INDEX "home_opened_at_idx" ON "home"("opened_at");

-- Who voted last on what, for their Home. The schema cannot say that an index is partial.
CREATE INDEX "event_votes_of" ON "event"("person", "at" DESC) WHERE "type" IN ('vote.cast', 'glass.broken');
