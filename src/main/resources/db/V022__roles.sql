-- Hours of the week in which a purpose may be acted for, as JSON; none for always.
ALTER TABLE purpose ADD COLUMN hours TEXT;
