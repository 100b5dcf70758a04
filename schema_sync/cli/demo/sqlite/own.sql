CREATE INDEX customers_our_own_search ON customers (name COLLATE NOCASE);
