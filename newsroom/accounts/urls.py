"""The addresses of signing in. Those of allauth that make no sense in a newsroom (sign-up, e-mail, reset) are not here.

For a forgotten password a chief makes a link, and hands it on: a letter box must not open the newsroom.
"""

from allauth.account import views
from django.urls import include, path

from .views import confirmed, devices, first_password, invitation, language, left, notices

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("language/", language, name="account_language"),
    path("devices/", devices, name="account_devices"),
    path("devices/left/", left, name="account_left"),
    path("notices/", notices, name="account_notices"),
    path("confirmed/", confirmed, name="account_confirmed"),
    path("invitation/", invitation, name="account_invitation"),
    path("invitation/password/", first_password, name="account_first_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
