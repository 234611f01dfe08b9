-- Who was found is sealed into the ids that are given out (src/candidates.rs).
DROP TABLE candidate;
