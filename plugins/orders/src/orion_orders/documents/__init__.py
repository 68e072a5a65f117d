"""Invoices and credit notes as documents: checked to the cent, PDF/A-3 with EN 16931 XML inside, and UBL. Pure."""
