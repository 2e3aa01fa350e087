-- The links of one issuer are listed in the order of their ids.
CREATE UNIQUE INDEX subject_link_id ON subject_link (issuer_id, id);
