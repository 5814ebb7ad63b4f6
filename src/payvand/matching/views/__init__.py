"""Which pages has the exchange? Public ones, a buyer's, a firm's, a fair's, a broker's."""
