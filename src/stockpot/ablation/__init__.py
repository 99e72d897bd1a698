"""Where does a soup help, and why? Six questions, asked of one table with several seeds."""
