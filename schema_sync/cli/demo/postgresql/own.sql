CREATE INDEX customers_our_own_search ON customers (lower(name));
