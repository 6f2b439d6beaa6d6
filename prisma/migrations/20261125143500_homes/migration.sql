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
