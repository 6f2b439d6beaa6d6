-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "roles" TEXT[];

-- What is there already.
UPDATE "approval" SET "roles" = ARRAY(
  SELECT DISTINCT role FROM json_array_elements("stages") AS stage,
    LATERAL (SELECT stage->>'role' AS role UNION SELECT json_array_elements_text(stage->'escalated_to')) AS asked
);
