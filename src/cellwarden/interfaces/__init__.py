"""What people and programs call: translate, call one workflow, translate back."""
