"""Where does a soup help, and why? Nine questions, asked of one table with several seeds."""
