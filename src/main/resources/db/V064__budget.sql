-- What a delegation may spend, and what was spent of it.
CREATE TABLE delegation_budget (
  delegation TEXT   NOT NULL REFERENCES delegation (id),
  name       TEXT   NOT NULL,
  maximum    BIGINT NOT NULL,
  spent      BIGINT NOT NULL,
  PRIMARY KEY (delegation, name)
);

-- Requests that have spent, by a hash, so that the same request spends once. Swept after a day.
CREATE TABLE budget_spending (
  request TEXT   PRIMARY KEY,
  at      BIGINT NOT NULL
);

CREATE INDEX budget_spending_at ON budget_spending (at);
