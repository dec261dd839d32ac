"""Results for people: figures in English, in Chinese or in both; no file is read here."""
